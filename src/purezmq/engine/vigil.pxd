# Looked at in every wait after something was sent.
cdef class Vigil:
    cdef public bint due
    cdef int _to_go
    cdef int _penalty

    cpdef rewarded(self)
    cpdef disappointed(self)
    cpdef slept(self, double seconds)
