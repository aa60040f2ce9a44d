# Asked for each message that is published, and for each that a subscriber receives unless it takes all.
import cython


cdef class PrefixTable:
    cdef dict _values
    cdef dict _count_of_length
    cdef tuple _lengths
    cdef Py_ssize_t _longest

    @cython.locals(size=Py_ssize_t, length=Py_ssize_t)
    cpdef bint covers(self, object topic) except? -1
    cpdef _changed(self)


cdef class PeerSubscriptions(PrefixTable):
    cdef dict _topics_of
    cdef dict _matches
    cdef dict _answers

    @cython.locals(prefix=bytes)
    cpdef match(self, object topic)
    @cython.locals(at=Py_ssize_t, start=Py_ssize_t, runs=list)
    cpdef list runs(self, list messages)


cdef class OwnSubscriptions(PrefixTable):
    pass
