import base64

from fastapi import FastAPI, File, HTTPException, UploadFile

from .infer import Inspector
from .preprocess import decode, thumbnail, to_tensor

app = FastAPI()
inspector = Inspector()
LIMIT = 8 * 1024 * 1024


@app.post("/inspect")
async def inspect(photo: UploadFile = File(...)):
    data = await photo.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise HTTPException(413)
    try:
        image = decode(data)
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
    label, score = inspector(to_tensor(image))
    return {"label": label, "score": round(score, 4), "preview": base64.b64encode(thumbnail(image)).decode()}
