# Makes AsyncExpress a C class, as Express is one, and its state C fields.
import cython

from purezmq.api.done cimport Done, Paused
from purezmq.api.express cimport Express, all_bytes, parts_as_bytes
from purezmq.engine.lanes cimport Lanes


cdef class Turn:
    cdef public long long done
    cdef public long long limit
    cdef public object loop
    cdef bint _over

    cpdef begin(self)
    cpdef done_with(self, object outcome, object home=*)


cdef class AsyncExpress(Express):
    cdef public Turn _turn
    cdef public object _recv_futures
    cdef public object _send_futures
    cdef public object _returned

    @cython.locals(lanes=Lanes, outgoing=list)
    cdef bint _sent(self, object message) except? -1
    @cython.locals(ready=list)
    cdef object _arrived(self)
