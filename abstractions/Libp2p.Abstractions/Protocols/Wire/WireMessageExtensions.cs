using System.Buffers;

namespace Libp2p.Wire;

/// <summary>Encoding into whatever the caller has. A delimited message has its length in front, as an unsigned varint.</summary>
public static class WireMessageExtensions
{
    /// <summary>Encodes into one new array.</summary>
    public static byte[] ToArray<T>(this T message)
        where T : class, IWireMessage<T>
    {
        var bytes = new byte[message.GetSize()];
        message.Write(bytes);
        return bytes;
    }

    /// <summary>Encodes into a pipe or another buffer writer, which is advanced.</summary>
    /// <returns>Bytes written.</returns>
    public static int WriteTo<T>(this T message, IBufferWriter<byte> output)
        where T : class, IWireMessage<T>
    {
        var size = message.GetSize();
        if (size > 0)
        {
            message.Write(output.GetSpan(size)[..size]);
            output.Advance(size);
        }

        return size;
    }

    /// <summary>Bytes of the message with its length in front.</summary>
    public static int GetDelimitedSize<T>(this T message)
        where T : class, IWireMessage<T> => WireSize.Bytes(message.GetSize());

    /// <summary>Encodes into one new array, with the length in front.</summary>
    public static byte[] ToDelimitedArray<T>(this T message)
        where T : class, IWireMessage<T>
    {
        var bytes = new byte[message.GetDelimitedSize()];
        message.WriteDelimited(bytes);
        return bytes;
    }

    /// <summary>Encodes with the length in front.</summary>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than <see cref="GetDelimitedSize"/>.</exception>
    public static int WriteDelimited<T>(this T message, Span<byte> destination)
        where T : class, IWireMessage<T>
    {
        var writer = new WireWriter(destination);
        writer.WriteVarint((uint)message.GetSize());
        message.Write(ref writer);
        return writer.Written;
    }

    /// <summary>Encodes with the length in front into a pipe or another buffer writer, which is advanced.</summary>
    /// <returns>Bytes written.</returns>
    public static int WriteDelimitedTo<T>(this T message, IBufferWriter<byte> output)
        where T : class, IWireMessage<T>
    {
        var size = message.GetDelimitedSize();
        message.WriteDelimited(output.GetSpan(size)[..size]);
        output.Advance(size);
        return size;
    }
}
