# One for each operation of an asyncio Socket that was possible at once: as cheap as an object can be.
cdef class Done:
    cdef object _loop
    cdef object _outcome
    cdef object _home
    cdef object _number


cdef class Paused(Done):
    pass
