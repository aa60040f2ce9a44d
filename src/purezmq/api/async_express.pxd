# Makes AsyncExpress a C class, as Express is one, and its state C fields.
import cython

from purezmq.api.done cimport Done, Paused, Received, filled
from purezmq.api.express cimport Express, all_bytes, parts_as_bytes
from purezmq.engine.lanes cimport Lanes


cdef class Turn:
    cdef public long long done
    cdef public long long limit
    cdef public long long room
    cdef public object loop
    cdef public bint is_over
    cdef long long _end

    cpdef begin(self)
    cpdef enter(self, object loop)
    cpdef leave(self)
    cpdef received(self, object outcome, object home)
    cpdef sent(self, object outcome)
    cdef _finish(self)


cdef class AsyncExpress(Express):
    cdef public Turn _turn
    cdef public object _recv_futures
    cdef public object _send_futures
    cdef public object _returned

    cdef bint _routed(self) except? -1
    cdef bint _sent_now(self, object message) except? -1
    @cython.locals(ready=list)
    cdef object _arrived(self)
    cdef object _looked_for(self)
