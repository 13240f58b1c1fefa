import streamlit as st

from lib.gemini import Chat
from lib.pdf import text_of

st.set_page_config(page_title="Paper chat", page_icon="📄")
st.title("Chat with a paper")

upload = st.file_uploader("PDF", type="pdf")
if upload is None:
    st.stop()

if st.session_state.get("name") != upload.name:
    st.session_state.name = upload.name
    st.session_state.chat = Chat(text_of(upload))
    st.session_state.turns = []

for role, text in st.session_state.turns:
    st.chat_message(role).write(text)

if question := st.chat_input("Your question"):
    st.chat_message("user").write(question)
    with st.chat_message("assistant"):
        answer = st.write_stream(st.session_state.chat.stream(question))
    st.session_state.turns += [("user", question), ("assistant", answer)]
