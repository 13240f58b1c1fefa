import logging

import numpy as np
from flask import Flask, request, send_file

from .answer import Reader
from .hear import Ear
from .say import speak

logger = logging.getLogger(__name__)
app = Flask(__name__)
ear, reader = Ear(), Reader()


@app.post("/call")
def call():
    samples = np.frombuffer(request.get_data(), dtype=np.float32)
    question = ear(samples)
    logger.info("caller asked: %s", question)
    answer = reader.answer(question)
    logger.debug("answer: %s", answer)
    return send_file(speak(answer), mimetype="audio/wav")


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=8080)
