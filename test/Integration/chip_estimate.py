"""The static estimate of a chip against its simulator: bounds hold for every single image, and rates measured on one half
of the images predict the energy of the other.
"""
import argparse
import json
import subprocess
import sys
import tempfile

RECORD = 1 + 3 * 32 * 32  # bytes of an image in a CIFAR file


def stas(*arguments):
    return json.loads(subprocess.run(["stas", *arguments, "--json"], check=True, stdout=subprocess.PIPE).stdout)


def interval(value):
    return value if isinstance(value, list) else [value, value]


def energies(events, profile):
    """Low and high picojoules of counted events, of what has a price in an estimate's own figures."""
    return [sum(count * profile[key][end] for key, count in events.items() if key in profile) for end in (0, 1)]


def prices(estimate):
    """Picojoules of an event, low and high."""
    return {key: interval(value) for key, value in estimate["prices"].items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("artifact")
    parser.add_argument("images", help="a CIFAR file")
    parser.add_argument("--single", type=int, default=20, help="images that are run one by one")
    arguments = parser.parse_args()
    with open(arguments.images, "rb") as file:
        data = file.read()
    count = len(data) // RECORD
    failed = False

    def demand(holds, text):
        nonlocal failed
        if not holds:
            print("  " + text)
            failed = True

    with tempfile.TemporaryDirectory() as folder:
        def run(first, number):
            path = f"{folder}/{first}-{number}.bin"
            with open(path, "wb") as file:
                file.write(data[first * RECORD:(first + number) * RECORD])
            result = stas("run", arguments.artifact, "--input", path, "--stats")
            with open(path + ".json", "w") as file:
                json.dump(result, file)
            return result, path + ".json"

        bounds = stas("estimate", arguments.artifact)
        price = prices(bounds)
        demand(not bounds["measured"], "bounds say that they were measured")
        for image in range(arguments.single):
            result, _ = run(image, 1)
            for key, value in result["chip"]["events"].items():
                low, high = interval(bounds["events"].get(key, 0))
                demand(low <= value <= high, f"image {image}: {key}: {value} is not in [{low}, {high}]")
            low, high = energies(result["chip"]["events"], price)
            demand(bounds["picojoules"][0] <= low + bounds["static_picojoules"][1] and high <= bounds["picojoules"][1],
                   f"image {image}: {low} to {high} pJ are not in {bounds['picojoules']}")
            demand(bounds["nanoseconds"][0] <= result["chip"]["nanoseconds_per_image"] <= bounds["nanoseconds"][1],
                   f"image {image}: {result['chip']['nanoseconds_per_image']} ns are not in {bounds['nanoseconds']}")
            for link in result["chip"]["links"]:
                of = next((other for other in bounds["links"] if (other["from"], other["to"]) == (link["from"], link["to"])), None)
                demand(of and link["messages"] <= interval(of["messages"])[1], f"image {image}: link {link} is above {of}")
        _, rates = run(0, count // 2)
        other, _ = run(count // 2, count - count // 2)
        estimate = stas("estimate", arguments.artifact, "--rates", rates)
        demand(estimate["images"] == count // 2, "the images that were measured")
        found = energies(other["chip"]["events"], price)[1] / (count - count // 2)
        dynamic = [whole - still for whole, still in zip(interval(estimate["picojoules"]),
                                                         interval(estimate["static_picojoules"]))]
        for end, predicted in zip(("low", "high"), dynamic):
            error = predicted / found - 1
            print(f"{end}: {predicted:.4g} pJ predicted, {found:.4g} simulated on the other half: {100 * error:+.2f} %")
            demand(abs(error) <= 0.05, "more than 5 % apart")
        synapses = [sum(events.get("synapse_" + form, 0) for form in ("dense", "shared", "sparse"))
                    for events in (estimate["events"], other["chip"]["events"])]
        synapses[1] /= count - count // 2
        print(f"synaptic operations: {synapses[0]:.6g} predicted, {synapses[1]:.6g} simulated: "
              f"{100 * (synapses[0] / synapses[1] - 1):+.2f} %")
        demand(abs(synapses[0] / synapses[1] - 1) <= 0.05, "more than 5 % apart")
        # The mean of the slowest core's time is above the time of the core that is slowest in the mean.
        times = [estimate["nanoseconds"][1], other["chip"]["nanoseconds_per_image"]]
        print(f"time: {times[0]:.4g} ns predicted, {times[1]:.4g} simulated: {100 * (times[0] / times[1] - 1):+.2f} %")
        demand(0.75 <= times[0] / times[1] <= 1.05, "more than 25 % below, or above")
    print("failed" if failed else f"{arguments.single} images within bounds")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
