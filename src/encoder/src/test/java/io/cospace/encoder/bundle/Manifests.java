package io.cospace.encoder.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A manifest to test with. */
final class Manifests {

    static final String ZEROES = "0".repeat(64);

    static final String FULL =
            """
            {
              "format" : 1,
              "name" : "tiny",
              "version" : "1",
              "space" : "tiny-0000000000000000",
              "dimensions" : 8,
              "truncatable_to" : [
                4
              ],
              "score" : "sigmoid",
              "logit_scale" : 20.0,
              "logit_bias" : -2.5,
              "image" : {
                "preprocessing" : {
                  "size" : 224,
                  "resize" : "squash",
                  "crop" : 224,
                  "interpolation" : "bicubic",
                  "rescale" : 1.0,
                  "mean" : [
                    127.0,
                    127.0,
                    127.0
                  ],
                  "std" : [
                    128.0,
                    128.0,
                    128.0
                  ],
                  "background" : [
                    255,
                    255,
                    255
                  ]
                }
              },
              "text" : {
                "max_tokens" : 512,
                "pooling" : "mean",
                "prompts" : {
                  "query" : "query: ",
                  "document" : "passage: "
                },
                "wrap" : {
                  "prefix" : "<",
                  "suffix" : ">",
                  "strip" : true
                }
              },
              "precisions" : {
                "image" : {
                  "defaults" : {
                    "cpu" : "fp32"
                  },
                  "graphs" : {
                    "fp32" : {
                      "file" : "image.fp32.onnx"
                    }
                  }
                },
                "text" : {
                  "defaults" : {
                    "cpu" : "int8"
                  },
                  "graphs" : {
                    "fp32" : {
                      "file" : "text.fp32.onnx",
                      "inputs" : "padded"
                    },
                    "int8" : {
                      "file" : "text.int8.onnx",
                      "inputs" : "packed",
                      "cosine_to_fp32" : {
                        "min" : 0.99,
                        "mean" : 0.995
                      },
                      "quality" : {
                        "recall_at_10" : 0.5
                      }
                    }
                  }
                }
              },
              "calibration" : {
                "text" : {
                  "min" : [
                    -1.0,
                    -1.0,
                    -1.0,
                    -1.0,
                    -1.0,
                    -1.0,
                    -1.0,
                    -1.0
                  ],
                  "max" : [
                    1.0,
                    1.0,
                    1.0,
                    1.0,
                    1.0,
                    1.0,
                    1.0,
                    1.0
                  ],
                  "threshold" : [
                    0.0,
                    0.0,
                    0.0,
                    0.0,
                    0.0,
                    0.0,
                    0.0,
                    0.0
                  ]
                }
              },
              "targets" : [
                {
                  "data" : "test",
                  "sha256" : "0000000000000000000000000000000000000000000000000000000000000000",
                  "metric" : "text_to_image.recall_at_10",
                  "value" : 0.5,
                  "tolerance" : 0.02
                }
              ],
              "files" : {
                "image.fp32.onnx" : {
                  "sha256" : "0000000000000000000000000000000000000000000000000000000000000000",
                  "bytes" : 12
                },
                "self-test.json" : {
                  "sha256" : "0000000000000000000000000000000000000000000000000000000000000000",
                  "bytes" : 12
                },
                "text.fp32.onnx" : {
                  "sha256" : "0000000000000000000000000000000000000000000000000000000000000000",
                  "bytes" : 12
                },
                "text.int8.onnx" : {
                  "sha256" : "0000000000000000000000000000000000000000000000000000000000000000",
                  "bytes" : 12
                },
                "tokenizer.json" : {
                  "sha256" : "0000000000000000000000000000000000000000000000000000000000000000",
                  "bytes" : 12
                }
              },
              "license" : "MIT",
              "created" : "2026-11-01T00:00:00Z"
            }
            """;

    private Manifests() {}

    /** The full manifest with one piece of its text replaced; the piece must be there. */
    static byte[] with(String piece, String replacement) {
        if (!FULL.contains(piece)) {
            throw new IllegalArgumentException("no such piece: " + piece);
        }
        return FULL.replace(piece, replacement).getBytes(UTF_8);
    }
}
