import zmq

context = zmq.Context()

receiver = context.socket(zmq.PULL)
receiver.connect('tcp://127.0.0.1:5557')

sender = context.socket(zmq.PUSH)
sender.connect('tcp://127.0.0.1:5558')

while True:
    message = receiver.recv()
    print(message)
    sender.send(message)
