import folium


def map_of(stops):
    known = [each for each in stops if "lat" in each]
    chart = folium.Map(location=[known[0]["lat"], known[0]["lon"]] if known else [50, 9], zoom_start=10)
    for each in known:
        folium.Marker([each["lat"], each["lon"]], tooltip=each["name"]).add_to(chart)
    return chart
