using System.Buffers.Binary;
using System.Text;

namespace Trading.Learning;

/// <summary>A linear model as an ONNX file: <c>features</c> (rows × columns, double precision) in, <c>score</c> and
/// <c>probability</c> out. The format is protocol buffers of the few messages that are needed.</summary>
public static class OnnxExport
{
    const int IrVersion = 8, Opset = 13, DoubleType = 11;

    /// <exception cref="NotSupportedException">The model is not linear, or is calibrated by steps.</exception>
    public static byte[] Of(ModelArtefact artefact)
    {
        var model = artefact.Method is LogisticTrainer.Name or "lbfgs" or "sdca"
            ? LinearModel.Load(artefact.Saved)
            : throw new NotSupportedException($"A model of the method '{artefact.Method}' is not linear.");
        var platt = artefact.Calibrator.Platt
            ?? throw new NotSupportedException("A model that is calibrated by steps has no ONNX form here.");
        var (slopes, intercept) = model.Raw;
        var graph = new Message()
            .Add(1, Node("MatMul", ["features", "slopes"], "product"))
            .Add(1, Node("Add", ["product", "intercept"], "score"))
            .Add(1, Node("Mul", ["score", "platt_slope"], "scaled"))
            .Add(1, Node("Add", ["scaled", "platt_intercept"], "log_odds"))
            .Add(1, Node("Sigmoid", ["log_odds"], "probability"))
            .Add(2, "model")
            .Add(5, Tensor("slopes", [slopes.Length, 1], [.. slopes]))
            .Add(5, Tensor("intercept", [1], [intercept]))
            .Add(5, Tensor("platt_slope", [1], [platt.Slope]))
            .Add(5, Tensor("platt_intercept", [1], [platt.Intercept]))
            .Add(11, Value("features", slopes.Length))
            .Add(12, Value("score", 1))
            .Add(12, Value("probability", 1));
        return new Message().Add(1, IrVersion).Add(2, "trading").Add(7, graph)
            .Add(8, new Message().Add(1, "").Add(2, Opset)).ToArray();
    }

    static Message Node(string operation, string[] inputs, string output)
    {
        var node = new Message();
        foreach (var input in inputs)
            node.Add(1, input);
        return node.Add(2, output).Add(4, operation);
    }

    static Message Tensor(string name, int[] dimensions, double[] values)
    {
        var tensor = new Message();
        foreach (var dimension in dimensions)
            tensor.Add(1, dimension);
        var raw = new byte[values.Length * sizeof(double)];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(raw.AsSpan(i * sizeof(double)), values[i]);
        return tensor.Add(2, DoubleType).Add(8, name).Add(9, raw);
    }

    static Message Value(string name, int columns)
    {
        var shape = new Message().Add(1, new Message().Add(2, "rows")).Add(1, new Message().Add(1, columns));
        return new Message().Add(1, name).Add(2, new Message().Add(1, new Message().Add(1, DoubleType).Add(2, shape)));
    }

    /// <summary>Fields of one protocol buffer message, as they are added.</summary>
    sealed class Message
    {
        const int Varint = 0, Bytes = 2;
        readonly List<byte> _bytes = [];

        public Message Add(int field, long value)
        {
            Write((ulong)(field << 3 | Varint));
            Write((ulong)value);
            return this;
        }

        public Message Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

        public Message Add(int field, Message message) => Add(field, message.ToArray());

        public Message Add(int field, byte[] bytes)
        {
            Write((ulong)(field << 3 | Bytes));
            Write((ulong)bytes.Length);
            _bytes.AddRange(bytes);
            return this;
        }

        public byte[] ToArray() => [.. _bytes];

        void Write(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
                _bytes.Add((byte)(value | 0x80));
            _bytes.Add((byte)value);
        }
    }
}
