# Asked after each message that is written by itself.
cdef class Bursts:
    cdef public set sockets
    cdef object _clock
    cdef object _lock
    cdef bint _visiting
    cdef double _written_at
    cdef int _close_together

    cpdef bint written(self, double started, double slow=*)
    cpdef end(self, object socket)
    cpdef pause(self)
