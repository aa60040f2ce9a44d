import zmq
import time

context = zmq.Context()
publisher = context.socket(zmq.PUB)
publisher.bind('tcp://127.0.0.1:5557')



for i in range(0, 10):
    print('Sending A {}'.format(i))
    publisher.send_string('A {}'.format(i))
    print('Sending B {}'.format(i))
    publisher.send_string('B {}'.format(i))
    time.sleep(1)

publisher.send_string('A :exit')
publisher.send_string('B :exit')
