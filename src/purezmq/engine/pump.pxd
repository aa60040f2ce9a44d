# A C class, the first third of each socket.
import cython

from purezmq.engine.bursts cimport Bursts
from purezmq.engine.vigil cimport Vigil


cdef class Pump:
    cdef public object lock
    cdef public object reactor
    cdef public object pollset
    cdef public Bursts _bursts
    cdef public object _changed
    cdef public Py_ssize_t _followers
    cdef public Py_ssize_t _attending
    cdef public bint _leading
    cdef public set _polls
    cdef public object _outlet
    cdef public bint _spoke
    cdef public Vigil _vigil
    cdef public bint _awake
    cdef public Py_ssize_t unsettled
    cdef public Py_ssize_t blocked
    cdef public bint _pumped
    cdef public object _mail
    cdef public object _gone
    cdef public bint _released

    cpdef _wait(self, object attempt, object timeout)
    cpdef _pump_until(self, object attempt, object timeout)
    cpdef _lead(self, object deadline)
    @cython.locals(began=double)
    cpdef list _sleep(self, object timeout)
    cpdef list _stay_awake(self, double until)
    cpdef pump_once(self)
    cpdef leave(self)
    cpdef _handle(self, list ready)
    cpdef _before(self)
    cpdef read_mail(self)
    cpdef post(self, object call)
    cpdef _settle(self)
    cpdef _release(self)
