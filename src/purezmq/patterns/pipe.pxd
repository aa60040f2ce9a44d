# A C class: its queues and counters are looked at for every message.
import cython


cdef class Pipe:
    cdef public object inbox
    cdef public object outbox
    cdef public Py_ssize_t send_limit
    cdef public Py_ssize_t receive_limit
    cdef public Py_ssize_t lent
    cdef public bytes routing_id
    cdef public bint fixed_id
    cdef public bint active
    cdef public bint stalled

    cpdef bint has_room(self)
    cpdef Py_ssize_t space(self)
    cpdef push(self, object message)
    cpdef push_all(self, list messages)
    cpdef object pop(self)
    @cython.locals(size=Py_ssize_t)
    cpdef Py_ssize_t portion(self)
    cpdef list lend(self, Py_ssize_t count)
    cpdef repay(self)
    cpdef _credit(self)
    cpdef resume(self)
