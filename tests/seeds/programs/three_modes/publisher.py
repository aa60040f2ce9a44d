# -*- coding=utf-8 -*-

import zmq
import time

context = zmq.Context()
socket = context.socket(zmq.PUB)
socket.bind("tcp://*:5555")

for i in range(10):
    print('send message...' + str(i))
    socket.send(('message' + str(i)).encode())
    time.sleep(1)
