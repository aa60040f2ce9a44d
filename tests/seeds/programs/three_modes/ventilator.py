# -*- coding=utf-8 -*-

import zmq
import time

context = zmq.Context()
socket = context.socket(zmq.PUSH)
socket.bind("tcp://*:5557")

for i in range(10):
    socket.send(('message' + str(i)).encode())
    # 没启 worker 时不会发消息
    print('send message...' + str(i))
    time.sleep(1)
