import tensorflow as tf
import tensorflow_datasets as tfds

from leaf.params import BATCH, IMAGE_SIZE, SEED


def prepare(image, label):
    image = tf.image.resize(image, IMAGE_SIZE)
    return tf.cast(image, tf.float32), label


def plant_village():
    (train, valid), info = tfds.load(
        "plant_village",
        split=["train[:90%]", "train[90%:]"],
        as_supervised=True,
        with_info=True,
    )
    train = train.map(prepare, num_parallel_calls=tf.data.AUTOTUNE).shuffle(2000, seed=SEED)
    valid = valid.map(prepare, num_parallel_calls=tf.data.AUTOTUNE)
    return train.batch(BATCH).prefetch(2), valid.batch(BATCH).prefetch(2), info.features["label"].names


def own_photographs(folder="data/own"):
    return tf.keras.utils.image_dataset_from_directory(
        folder, image_size=IMAGE_SIZE, batch_size=BATCH, seed=SEED, label_mode="int"
    )
