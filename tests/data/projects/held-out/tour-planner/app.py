import streamlit as st
import yaml
from streamlit_folium import st_folium

import ui
from planner import Planner

settings = yaml.safe_load(open("settings.yaml"))
st.set_page_config("Tours", layout="wide")

if "planner" not in st.session_state:
    st.session_state.planner = Planner(settings)

left, right = st.columns(2)
with left:
    wish = st.text_area("Where would you like to go?")
    if st.button("Plan") and wish:
        tour = st.session_state.planner.plan(wish)
        st.markdown(tour.text, unsafe_allow_html=True)
        st.session_state.tour = tour
with right:
    if "tour" in st.session_state:
        st_folium(ui.map_of(st.session_state.tour.stops))
