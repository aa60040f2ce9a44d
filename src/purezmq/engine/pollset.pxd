# A C class: a wait is part of each small message's way.
import cython


cdef class PollSet:
    cdef public object waker
    cdef public object pause

    cpdef list wait(self, object timeout)


cdef class SelectorPollSet(PollSet):
    cdef public object _selector


cdef class KernelPollSet(SelectorPollSet):
    pass


cdef class EpollPollSet(PollSet):
    cdef object _epoll
    cdef dict _watched

    @cython.locals(ready=list, watch=tuple)
    cpdef list wait(self, object timeout)


cdef class ReactorPollSet(SelectorPollSet):
    cdef object _reactor
    cdef object _run
    cdef set _fds
