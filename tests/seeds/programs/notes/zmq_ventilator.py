import zmq
import time

context = zmq.Context()
socket = context.socket(zmq.PUSH)

socket.bind('tcp://*:5557')

for i in range(0, 10):
    print('Push message:', i)
    socket.send_string('Message {}'.format(i))
