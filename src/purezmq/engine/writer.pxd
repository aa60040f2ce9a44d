# A C class: a message that comes alone passes through all of its methods.
import cython

from purezmq.engine.encoding cimport Encoding


cdef class Writer:
    cdef object _stream
    cdef bint _has_sendmsg
    cdef object _zmtp
    cdef Encoding _encoding
    cdef object _control
    cdef object _buffers
    cdef list _batch
    cdef Py_ssize_t _offset
    cdef public bint blocked
    cdef public bint broken

    cpdef bint write_batch(self, list messages) except? -1
    cpdef bint write(self, object pipe, object has_room) except? -1
    cdef _encode(self, list messages)
    cdef bint _drain(self) except? -1
    @cython.locals(count=Py_ssize_t)
    cdef bint _write_some(self) except? -1
