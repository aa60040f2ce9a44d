# A C class, as the Pipe that it is.
from purezmq.patterns.pipe cimport Pipe


cdef class StreamPipe(Pipe):
    cdef object _owner
    cdef public object session
    cdef public dict peer_properties
    cdef public bint retired

    cpdef list pull(self, Py_ssize_t count)
