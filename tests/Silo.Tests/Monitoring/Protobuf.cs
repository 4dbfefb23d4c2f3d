using System.Buffers.Binary;
using System.Text;

namespace Trading.Monitoring.Tests;

/// <summary>A message of protobuf as its fields, without its schema: as much as OTLP needs.</summary>
sealed class Protobuf(ReadOnlyMemory<byte> bytes)
{
    const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    List<(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)>? _fields;

    /// <summary>Read when somebody looks inside: what is text is no message.</summary>
    List<(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)> Fields => _fields ??= Read(bytes);

    /// <summary>The messages at the end of a way through fields, each of which may be repeated.</summary>
    public IEnumerable<Protobuf> Along(params int[] way) => way.Aggregate(
        (IEnumerable<Protobuf>)[this],
        (found, number) => found.SelectMany(message => message.Fields.Where(field => field.Number == number))
            .Select(field => new Protobuf(field.Bytes)));

    public string Text(params int[] way) => Along(way).FirstOrDefault() is { } found ? found.AsText : "";

    public string Hex(int number) => Along(number).FirstOrDefault() is { } found ? found.AsHex : "";

    public ulong Number(int number) => Fields.LastOrDefault(field => field.Number == number).Value;

    public double Double(int number) => BitConverter.UInt64BitsToDouble(Number(number));

    public bool Has(int number) => Fields.Exists(field => field.Number == number);

    string AsText => Encoding.UTF8.GetString(bytes.Span);

    string AsHex => Convert.ToHexStringLower(bytes.Span);

    static List<(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)> Read(ReadOnlyMemory<byte> bytes)
    {
        List<(int, ulong, ReadOnlyMemory<byte>)> fields = [];
        for (var at = 0; at < bytes.Length;)
        {
            var tag = VarintAt(bytes.Span, ref at);
            var number = (int)(tag >> 3);
            switch ((int)(tag & 7))
            {
                case Varint:
                    fields.Add((number, VarintAt(bytes.Span, ref at), default));
                    break;
                case Fixed64:
                    fields.Add((number, BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[at..]), default));
                    at += 8;
                    break;
                case Delimited:
                    var length = (int)VarintAt(bytes.Span, ref at);
                    fields.Add((number, 0, bytes.Slice(at, length)));
                    at += length;
                    break;
                case Fixed32:
                    fields.Add((number, BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[at..]), default));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Byte {at} begins no field of protobuf.");
            }
        }

        return fields;
    }

    static ulong VarintAt(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var one = bytes[at++];
            value |= (ulong)(one & 0x7f) << shift;
            if (one < 0x80) return value;
        }
    }
}
