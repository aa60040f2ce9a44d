# Which names of frame.py are C integers when Cython compiles it. Nothing else belongs here.
import cython

cdef int _MORE, _LONG, _COMMAND, _HEADER, _SHORT
cdef tuple _HEADERS, _HEADERS_MORE

cdef class Decoder:
    cdef public object error
    cdef public object large
    cdef public object open
    cdef Py_ssize_t _limit
    cdef bytes _rest
    cdef list _parts
    cdef int _flags
    cdef object _body

    @cython.locals(items=list)
    cpdef list feed(self, bytes chunk)

    @cython.locals(items=list)
    cpdef list fill(self, Py_ssize_t count)

    @cython.locals(
        data="const unsigned char *",
        at=Py_ssize_t,
        end=Py_ssize_t,
        start=Py_ssize_t,
        stop=Py_ssize_t,
        size=Py_ssize_t,
        limit=Py_ssize_t,
        flags=int,
        alone=bint,
        batch=list,
    )
    cdef Py_ssize_t _split(self, bytes chunk, list items) except -1

    @cython.locals(body=bytes)
    cdef list _take(self, int flags, bytes body, list batch, list items)

    cdef _begin_body(self, int flags, Py_ssize_t size, object arrived)

    @cython.locals(batch=list)
    cdef _check_body(self, object body, list items)


@cython.locals(buffers=list, small=list, parts=list, more=Py_ssize_t, size=Py_ssize_t)
cpdef list encode(object messages)
