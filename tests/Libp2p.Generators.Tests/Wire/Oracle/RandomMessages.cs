using System.Collections;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Libp2p.Generators.Tests.Wire.Oracle;

/// <summary>Makes messages of a schema: sound ones, ones of odd fields, and damaged ones. The same seed makes the same messages.</summary>
internal sealed class RandomMessages(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>A message with fields set at random.</summary>
    public IMessage Sound(MessageDescriptor schema, int depth = 3)
    {
        var message = schema.Parser.ParseFrom(ReadOnlySpan<byte>.Empty.ToArray() is var empty && schema.FindFieldByNumber(1)?.IsRequired == true ? Required(schema) : empty);
        foreach (var field in schema.Fields.InDeclarationOrder())
        {
            if (!field.IsRequired && _random.Next(3) == 0)
            {
                continue;
            }

            if (field.IsRepeated)
            {
                var list = (IList)field.Accessor.GetValue(message);
                for (var i = _random.Next(4); i > 0; i--)
                {
                    if (Value(field, depth) is { } item)
                    {
                        list.Add(item);
                    }
                }
            }
            else if (Value(field, depth) is { } value)
            {
                field.Accessor.SetValue(message, value);
            }
        }

        return message;
    }

    /// <summary>Fields of the schema and others, of right and wrong wire types, in any order.</summary>
    public byte[] Odd(MessageDescriptor schema, int depth = 3)
    {
        using var bytes = new MemoryStream();
        var output = new CodedOutputStream(bytes);
        var fields = schema.Fields.InDeclarationOrder();
        for (var i = _random.Next(8); i > 0; i--)
        {
            var field = fields.Count > 0 && _random.Next(10) > 0 ? fields[_random.Next(fields.Count)] : null;
            var number = field?.FieldNumber ?? _random.Next(1, 1 << _random.Next(1, 29));
            var type = field is not null && _random.Next(5) > 0 ? Type(field) : (uint)_random.Next(8);
            output.WriteRawTag32((uint)number << 3 | type);
            switch (type)
            {
                case 0:
                    output.WriteUInt64(Integer());
                    break;
                case 1:
                    output.WriteFixed64(Integer());
                    break;
                case 2:
                    var content = field?.FieldType == FieldType.Message && depth > 0 ? Odd(field.MessageType, depth - 1)
                        : _random.Next(2) == 0 ? Bytes() : Encoding.UTF8.GetBytes(Text());
                    output.WriteBytes(ByteString.CopyFrom(content));
                    break;
                case 3:
                    output.WriteUInt32(8);
                    output.WriteUInt64(Integer());
                    output.WriteRawTag32((uint)number << 3 | 4);
                    break;
                case 5:
                    output.WriteFixed32((uint)Integer());
                    break;
            }
        }

        output.Flush();
        return bytes.ToArray();
    }

    /// <summary>A message with something wrong.</summary>
    public byte[] Damaged(byte[] message)
    {
        var bytes = message.ToList();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var at = _random.Next(bytes.Count + 1);
            switch (_random.Next(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 1:
                    bytes.Insert(at, (byte)_random.Next(256));
                    break;
                case 2 when at < bytes.Count:
                    bytes.RemoveAt(at);
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4 when at < bytes.Count:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 5 when bytes.Count < 4000:
                    bytes.AddRange(bytes.GetRange(0, at));
                    break;
            }
        }

        return [.. bytes];
    }

    public byte[] Bytes()
    {
        var bytes = new byte[_random.Next(4) == 0 ? 0 : _random.Next(40)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Required(MessageDescriptor schema)
    {
        // Just enough to be parsed; every field is set again.
        using var bytes = new MemoryStream();
        var output = new CodedOutputStream(bytes);
        foreach (var field in schema.Fields.InDeclarationOrder().Where(field => field.IsRequired))
        {
            output.WriteRawTag32((uint)field.FieldNumber << 3 | Type(field));
            output.WriteUInt32(0);
        }

        output.Flush();
        return bytes.ToArray();
    }

    private static uint Type(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64 => field.IsPacked ? 2u : 1u,
        FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 => field.IsPacked ? 2u : 5u,
        FieldType.String or FieldType.Bytes or FieldType.Message => 2u,
        _ => field.IsPacked ? 2u : 0u,
    };

    private object? Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Double => BitConverter.UInt64BitsToDouble(Integer() & ~(1ul << 63)),
        FieldType.Float => BitConverter.UInt32BitsToSingle((uint)Integer() & ~(1u << 31)),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => (int)Integer(),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => (long)Integer(),
        FieldType.UInt32 or FieldType.Fixed32 => (uint)Integer(),
        FieldType.UInt64 or FieldType.Fixed64 => Integer(),
        FieldType.Bool => _random.Next(2) == 1,
        FieldType.String => Text(),
        FieldType.Bytes => ByteString.CopyFrom(Bytes()),
        FieldType.Enum => _random.Next(4) > 0 ? field.EnumType.Values[_random.Next(field.EnumType.Values.Count)].Number : (int)Integer(),
        _ => depth > 0 ? Sound(field.MessageType, depth - 1) : null,
    };

    private ulong Integer() => _random.Next(8) switch
    {
        0 => 0,
        1 => 1,
        2 => ulong.MaxValue,
        3 => 1ul << _random.Next(64),
        4 => (1ul << _random.Next(64)) - 1,
        5 => (ulong)_random.Next(300),
        _ => (ulong)_random.NextInt64() << 1 | (uint)_random.Next(2),
    };

    private string Text() => string.Concat(Enumerable.Range(0, _random.Next(12)).Select(_ => _random.Next(5) switch
    {
        0 => "é",
        1 => "\0",
        2 => "漢",
        3 => "😀",
        _ => ((char)_random.Next(32, 127)).ToString(),
    }));
}

internal static class RawTags
{
    public static void WriteRawTag32(this CodedOutputStream output, uint tag) => output.WriteUInt32(tag);
}
