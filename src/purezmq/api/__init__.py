"""pyzmq's names and types in, pyzmq's errors out: everything between a program's call and the engine."""
