# A C class, the second third of each socket.
import cython

from purezmq.engine.bursts cimport Bursts
from purezmq.engine.encoding cimport Encoding
from purezmq.engine.lanes cimport Lanes
from purezmq.engine.pump cimport Pump


cdef class Traffic(Pump):
    cdef public int type
    cdef public object pattern
    cdef public Lanes lanes
    cdef public Encoding encoding
    cdef public Bursts pace
    cdef public bint _gathers
    cdef public bint _publishes
    cdef public double _slow
    cdef public bint _bursting
    cdef public bint _routed
    cdef public list _ready
    cdef public list _sources
    cdef public Py_ssize_t _taken
    cdef public Py_ssize_t _unanswered
    cdef public double _asked_at

    @cython.locals(started=double)
    cpdef send(self, object message, object timeout)
    cpdef bint _send(self, object message) except? -1
    cpdef _open_lane(self)
    cpdef gathered(self)
    @cython.locals(outgoing=list, count=Py_ssize_t)
    cpdef route(self)
    cpdef recv(self, object timeout)
    cpdef try_recv(self)
    cpdef try_next(self)
    cpdef _quick_answer(self)
    cpdef _next_here(self)
    cpdef _recv(self, object timeout)
    @cython.locals(ready=list)
    cpdef _next(self)
    @cython.locals(messages=list)
    cpdef bint _take(self) except? -1
    cpdef bint _can_recv(self) except? -1
    cpdef _show_level(self)
