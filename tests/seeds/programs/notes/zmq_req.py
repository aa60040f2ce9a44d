import zmq

context = zmq.Context()

socket  = context.socket(zmq.REQ)
socket.connect('tcp://localhost:5555')

for request in range(1, 10):
    print('Sending request: ', request)
    socket.send_string('Hello')
    message = socket.recv()
    print('Received reply: ', message)

socket.send_string(':exit')
