# A C class, the last third of each socket: so that the calls of the other two need not look for methods of its own.
from purezmq.engine.traffic cimport Traffic


cdef class SocketCore(Traffic):
    cdef public object context
    cdef public object options
    cdef public object endpoints
    cdef public object monitor
    cdef public bint closed
    cdef public bint _ended
    cdef public list _condemned
    cdef public object _buffer
    cdef object __weakref__
