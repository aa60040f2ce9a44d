"""A folder for PYTHONPATH: what stands in it is found by `import zmq` (see `purezmq.dropin`)."""
