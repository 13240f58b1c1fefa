import os
import tempfile

import torch
from flask import Flask, render_template_string, request
from werkzeug.utils import secure_filename

from .config import Config
from .data import preprocess
from .net import BoneAge

app = Flask(__name__)
config = Config()
net = BoneAge(config.backbone, pretrained=False)
net.load_state_dict(torch.load(config.checkpoint, map_location="cpu")["state"])
net.eval()

PAGE = """<!doctype html><title>Bone age</title>
<form method=post enctype=multipart/form-data><input type=file name=image><label><input type=checkbox name=male> male</label><button>Estimate</button></form>
{% if months %}<p>{{ months }} months</p>{% endif %}"""


@app.route("/", methods=["GET", "POST"])
def index():
    months = None
    if request.method == "POST":
        upload = request.files["image"]
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, secure_filename(upload.filename))
            upload.save(path)
            image = preprocess(path, config.size)[None]
        with torch.inference_mode():
            months = round(net(image, torch.tensor([[float("male" in request.form)]])).item())
    return render_template_string(PAGE, months=months)


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=5001)
