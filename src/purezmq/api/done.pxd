# One for each operation of an asyncio Socket that was possible at once: as cheap as an object can be.
import cython


@cython.freelist(16)
cdef class Done:
    pass


cdef class Received(Done):
    cdef public object outcome
    cdef public object home
    cdef public object number


cdef class Paused(Received):
    pass


cpdef filled(Received future, object outcome, object home, object number)
