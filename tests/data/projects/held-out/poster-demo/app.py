import os

import gradio as gr
import torch

from improve import improve
from paint import Painter

painter = Painter("cuda" if torch.cuda.is_available() else "cpu")
os.makedirs("out", exist_ok=True)


def poster(wish, style, seed):
    print("prompt:", wish)
    better = improve(wish, style)
    image = painter(better, int(seed))
    return image, better


demo = gr.Interface(
    fn=poster,
    inputs=[gr.Textbox(label="What shall be on it?"), gr.Dropdown(["linocut", "watercolour", "1960s"]), gr.Number(value=1)],
    outputs=[gr.Image(), gr.Textbox(label="Prompt")],
    title="Poster for the summer fair",
)

if __name__ == "__main__":
    demo.queue(max_size=20).launch(server_name="0.0.0.0", server_port=7860, share=True)
