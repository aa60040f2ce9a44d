# Read and changed by every send and every receive: a C integer and two lists that Cython knows to be lists.
cdef class Lanes:
    cdef public Py_ssize_t batch
    cdef public list outgoing
    cdef public list ready
