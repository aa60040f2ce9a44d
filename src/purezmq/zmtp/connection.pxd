# A C class: every chunk that is read goes through `receive`.
import cython


cdef class Connection:
    cdef public object state
    cdef public tuple version
    cdef public bytes peer_type
    cdef public bytes peer_routing_id
    cdef public dict peer_properties
    cdef public object output
    cdef public object encoder
    cdef object _local
    cdef public object _handshake
    cdef object _seal
    cdef object _decoder
    cdef object _encoded_size

    cpdef list receive(self, object chunk)
    cpdef list filled(self, Py_ssize_t count)
    @cython.locals(events=list)
    cdef list _traffic(self, list items)
