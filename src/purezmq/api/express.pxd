# Makes Express a C class, whose fields and lists are reached without a look-up.
import cython

from purezmq.engine.lanes cimport Lanes


cdef class Express:
    cdef public object _core
    cdef public object _core_options
    cdef public Lanes _lanes
    cdef public object _unread
    cdef public object _unsent

    cpdef _gathered(self)
    cpdef _send_now(self, object message, object flags)
    @cython.locals(ready=list)
    cpdef _receive(self, object flags)


cpdef bint all_bytes(list parts)


cpdef list parts_as_bytes(object message)
