"""What the outer suites share: sockets with time-outs, scripted peers, other processes."""
