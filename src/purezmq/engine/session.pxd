# A C class: what is ready, what came and what is to be written go through it.
import cython

from purezmq.engine.stream_pipe cimport StreamPipe
from purezmq.engine.writer cimport Writer
from purezmq.zmtp.connection cimport Connection


cdef class Session:
    cdef public object core
    cdef public object where
    cdef public StreamPipe pipe
    cdef public bint ready
    cdef public bint closed
    cdef object _options
    cdef object _stream
    cdef str _address
    cdef object _on_end
    cdef Connection _zmtp
    cdef Writer _writer
    cdef bint _pipe_is_kept
    cdef bint _retiring
    cdef int _interest
    cdef object _beat
    cdef object _timer
    cdef object __weakref__

    cpdef on_ready(self, int events)
    cpdef _show_interest(self)
    cdef _read(self)
    @cython.locals(count=Py_ssize_t, events=list)
    cdef _receive(self)
    cdef _handle(self, list events)
    @cython.locals(pipe=StreamPipe)
    cdef _deliver(self, list batch)
    cpdef bint write(self, list messages) except? -1
    cpdef flush(self)
