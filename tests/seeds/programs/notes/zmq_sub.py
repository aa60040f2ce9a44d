import zmq

context = zmq.Context()
subscribe = context.socket(zmq.SUB)
subscribe.connect('tcp://127.0.0.1:5557')

subscribe.setsockopt(zmq.SUBSCRIBE, b'A')

while True:
    message = subscribe.recv_string()
    print('Reveived: ', message)
    topic, data = message.split()
    if data == ':exit':
        break
