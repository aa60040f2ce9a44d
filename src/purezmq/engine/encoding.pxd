# Asked for every batch, which may be one message.
import cython


cdef class Encoding:
    cdef public Py_ssize_t batch
    cdef Py_ssize_t _limit
    cdef bint _sharing
    cdef list _messages
    cdef object _encode
    cdef list _buffers

    @cython.locals(buffers=list, count=Py_ssize_t, octets=Py_ssize_t)
    cpdef list encode(self, object encode, list messages)
