"""Checkpoints: every form that `draw` writes is read back, and every mistake is named."""
import json
import os
import unittest

import support
from support import Scratch, run, small_model, torch

from stas_train import checkpoint
from stas_train.config import complete, nest, plain
from stas_train.errors import UserError
from stas_train.model import build

SMALL = ("--dim", 16, "--depth", 1, "--heads", 2, "--no-calibrate", "--seed", 7)


class Forms(Scratch):
    def draw(self, name, *more):
        status, out, err = run("draw", *(SMALL + more + ("-o", self.path(name))))
        self.assertEqual(status, 0, err)
        return checkpoint.read(self.path(name))

    def test_all_wrappings_hold_the_same_tensors(self):
        want, config = self.draw("a.pth")
        self.assertEqual(config["heads"], 2)
        forms = [("--wrap", w) for w in ("model", "model_ema", "state_dict_ema", "bare")]
        forms += [("--module-prefix",), ("--legacy",), ("--timm",), ("--timm", "--legacy"),
                  ("--safetensors",), ("--no-config",)]
        for i, form in enumerate(forms):
            name = "b%d.%s" % (i, "safetensors" if "--safetensors" in form else "pth.tar")
            got, found = self.draw(name, *form)
            self.assertEqual(list(got), list(want), form)
            for key in want:
                self.assertTrue(torch.equal(got[key], want[key]), (form, key))
            self.assertEqual(found, {} if "bare" in form or "--no-config" in form else config, form)

    def test_types(self):
        want, _ = self.draw("a.pth")
        for dtype in ("float16", "bfloat16"):
            for ending, more in (("pth", ()), ("safetensors", ("--safetensors",))):
                got, _ = self.draw("%s.%s" % (dtype, ending), "--dtype", dtype, *more)
                self.assertEqual(got["head.weight"].dtype, getattr(torch, dtype))
                self.assertEqual(got["patch_embed.proj_bn.num_batches_tracked"].dtype, torch.int64)
                self.assertTrue(torch.equal(got["head.weight"],
                                            want["head.weight"].to(getattr(torch, dtype))))

    def test_saved_models_are_complete(self):
        model = small_model(act={"alpha": 0.5, "beta": -1.0})
        checkpoint.save(self.path("m.pth"), model, model.config)
        again, config = checkpoint.load(self.path("m.pth"))
        self.assertEqual(plain(config), plain(model.config))
        self.assertEqual(sorted(plain(config)), sorted(
            ["family", "timesteps", "heads", "image_size", "in_channels", "mean", "std",
             "attention_scale", "lif", "isps", "act"]))
        self.assertEqual(sorted(plain(config)["lif"]),
                         ["attn_v_threshold", "reset", "tau", "v_reset", "v_threshold"])
        for key, tensor in model.state_dict().items():
            self.assertTrue(torch.equal(tensor, again.state_dict()[key]))

    def test_side_file_wins_key_by_key(self):
        model = small_model(act={"alpha": 0.5, "beta": -1.0})
        checkpoint.save(self.path("m.pth"), model, model.config)
        with open(self.path("c.json"), "w") as f:
            json.dump({"act.beta": -3.0, "timesteps": 2}, f)
        _, config = checkpoint.load(self.path("m.pth"), self.path("c.json"))
        self.assertEqual((config["act"]["alpha"], config["act"]["beta"], config["timesteps"]),
                         (0.5, -3.0, 2))

    def test_legacy_files_differ_from_zip_files(self):
        self.draw("a.pth")
        self.draw("b.pth", "--legacy")
        heads = []
        for name in ("a.pth", "b.pth"):
            with open(self.path(name), "rb") as f:
                heads.append(f.read(2))
        self.assertEqual((heads[0], heads[1] == heads[0]), (b"PK", False))


class Code:
    """Pickles to a call of os.mkdir."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


class Hostile(Scratch):
    def test_code_in_a_pickle_does_not_run(self):
        for legacy in (False, True):
            torch.save({"state_dict": {}, "x": Code(self.path("made"))}, self.path("m.pth"),
                       _use_new_zipfile_serialization=not legacy)
            with self.assertRaises(UserError):
                checkpoint.read(self.path("m.pth"))
            self.assertFalse(os.path.exists(self.path("made")))


class Errors(Scratch):
    def check(self, message, call, *arguments):
        with self.assertRaises(UserError) as caught:
            call(*arguments)
        self.assertIn(message, str(caught.exception))

    def test_config(self):
        stas = {"family": "stas"}
        act = {"alpha": 1.0, "beta": 0.0}
        for config, message in (
                ({"hedas": 2}, "config: hedas: required one of family"),
                ({"lif.tua": 2}, "config: lif.tua: required one of tau"),
                ({"lif": 2}, "config: lif: required a dict, found 2"),
                ({"timesteps": 0}, "timesteps: required an integer of at least 1, found 0"),
                ({"lif.tau": 1.0}, "lif.tau: required a number above 1, found 1.0"),
                ({"lif.reset": "none"}, "lif.reset: required hard or soft, found 'none'"),
                ({"family": "other"}, "family: required spikformer or stas"),
                (stas, "act.alpha: required a number, found nothing"),
                ({"act.alpha": 1.0}, "act.beta: required a number, found nothing"),
                ({"family": "spikformer", "act": act}, "act: required family stas, found spikformer"),
                ({"act": dict(act, order="rectangular")}, "act.output: required rate"),
                ({"act": dict(act, order="timestep")}, "act.output: required rate with act.order = timestep"),
                ({"act": act, "isps.after": "x"}, "isps.after: required stage0 or stem")):
            self.check(message, complete, config)

    def test_flat_and_nested_keys_meet(self):
        self.assertEqual(nest({"lif.tau": 3.0, "lif": {"v_reset": 0.0}}),
                         {"lif": {"tau": 3.0, "v_reset": 0.0}})

    def test_tensors(self):
        state = small_model().state_dict()
        config = {"heads": 2}
        self.check("heads: required an integer, found nothing", build, state, {}, "f")
        self.check("heads: required a divisor of D", build, state, {"heads": 3}, "f")
        self.check("f: required block.0.attn.q_linear.weight", build, {}, config, "f")
        self.check("f: head.weight: required a tensor, found nothing", build,
                   {k: v for k, v in state.items() if k != "head.weight"}, config, "f")
        self.check("f: block.1.norm2.bias: required a tensor [16], found nothing", build,
                   {k: v for k, v in state.items() if k != "block.1.norm2.bias"}, config, "f")
        self.check("f: other: required only keys of a Spikformer", build,
                   dict(state, other=torch.zeros(1)), config, "f")
        self.check("f: head.bias: required shape [10], found [11]", build,
                   dict(state, **{"head.bias": torch.zeros(11)}), config, "f")

    def test_files(self):
        self.check("required a checkpoint file, found no such file", checkpoint.read,
                   self.path("none.pth"))
        with open(self.path("bad.pth"), "wb") as f:
            f.write(b"not a checkpoint")
        self.check("required a file written by torch.save", checkpoint.read, self.path("bad.pth"))
        torch.save([1, 2], self.path("list.pth"))
        self.check("required a dict, found list", checkpoint.read, self.path("list.pth"))
        with open(self.path("bad.safetensors"), "wb") as f:
            f.write(b"\xff" * 20)
        self.check("required a safetensors file", checkpoint.read, self.path("bad.safetensors"))
        model = small_model()
        self.check("required an existing folder", checkpoint.save, self.path("none/m.pth"), model,
                   model.config)
        checkpoint.save(self.path("m.pth"), model, model.config)
        self.check("required a readable JSON object", checkpoint.load, self.path("m.pth"),
                   self.path("none.json"))

    def test_status_and_stderr(self):
        status, out, err = run("evaluate", self.path("none.pth"), "--input", self.path("x"))
        self.assertEqual((status, out), (1, ""))
        self.assertTrue(err.startswith("error: "))
        status, _, err = run("draw", *(SMALL + ("--lif", "tua=3", "-o", self.path("a.pth"))))
        self.assertEqual(status, 1)
        self.assertIn("--lif: required KEY=VALUE", err)


if __name__ == "__main__":
    unittest.main()
