using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace Libp2p.Wire;

/// <summary>Decoding messages that have their length in front, as an unsigned varint. A length above the limit is refused as soon as it is read.</summary>
public static class WireDelimited
{
    /// <summary>Takes one message off the front of <paramref name="input"/>.</summary>
    /// <param name="input">What has arrived; cut behind the message when one was read, else untouched.</param>
    /// <param name="message">The message, when the result is true.</param>
    /// <param name="error">When the result is false: <see cref="WireError.None"/> if more bytes are needed, else what is wrong.</param>
    /// <param name="maxSize">Most bytes of a message, at most the schema's own limit; 0 for the schema's.</param>
    public static bool TryRead<T>(ref ReadOnlySequence<byte> input, [NotNullWhen(true)] out T? message, out WireError error, int maxSize = 0)
        where T : class, IWireMessage<T>
    {
        message = null;
        var limit = maxSize > 0 ? Math.Min(maxSize, T.MaxSize) : T.MaxSize;
        if (!TryReadLength(input, limit, out var prefix, out var length, out error) || input.Length - prefix < length)
        {
            return false;
        }

        var body = input.Slice(prefix, length);
        if (body.IsSingleSegment)
        {
            T.TryParse(body.FirstSpan, out message, out error);
        }
        else
        {
            var rented = ArrayPool<byte>.Shared.Rent(length);
            body.CopyTo(rented);
            T.TryParse(rented.AsSpan(0, length), out message, out error);
            ArrayPool<byte>.Shared.Return(rented);
        }

        if (message is null)
        {
            return false;
        }

        input = input.Slice(body.End);
        return true;
    }

    /// <summary>Reads one message off a stream. What follows it stays in the reader.</summary>
    /// <param name="input">The stream's reading side.</param>
    /// <param name="maxSize">Most bytes of a message, at most the schema's own limit; 0 for the schema's.</param>
    /// <param name="cancellation">Ends the wait; the bytes stay.</param>
    /// <returns>The message, or null when the stream ended before its first byte.</returns>
    /// <exception cref="WireFormatException">The bytes are not such a message, exceed a limit, or end inside it.</exception>
    public static async ValueTask<T?> ReadAsync<T>(PipeReader input, int maxSize = 0, CancellationToken cancellation = default)
        where T : class, IWireMessage<T>
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellation).ConfigureAwait(false);
            var buffer = result.Buffer;
            if (TryRead<T>(ref buffer, out var message, out var error, maxSize))
            {
                input.AdvanceTo(buffer.Start);
                return message;
            }

            var none = buffer.IsEmpty;
            input.AdvanceTo(buffer.Start, buffer.End);
            if (error != WireError.None)
            {
                throw new WireFormatException(error, T.Descriptor.FullName);
            }

            if (result.IsCompleted)
            {
                return none ? null : throw new WireFormatException(WireError.Truncated, T.Descriptor.FullName);
            }

            if (result.IsCanceled)
            {
                throw new OperationCanceledException("The pending read was cancelled.");
            }
        }
    }

    private static bool TryReadLength(in ReadOnlySequence<byte> input, int limit, out int prefix, out int length, out WireError error)
    {
        // A length has at most nine bytes (63 bits), shortest form, as the multiformats varint.
        Span<byte> first = stackalloc byte[9];
        var available = (int)Math.Min(first.Length, input.Length);
        input.Slice(0, available).CopyTo(first);
        ulong value = 0;
        prefix = 0;
        length = 0;
        error = WireError.None;
        while (prefix < available)
        {
            ulong next = first[prefix];
            value |= (next & 0x7f) << (7 * prefix++);
            if (value > (uint)limit)
            {
                error = WireError.MessageTooLarge;
                return false;
            }

            if (next < 0x80)
            {
                length = (int)value;
                error = next == 0 && prefix > 1 ? WireError.MalformedVarint : WireError.None;
                return error == WireError.None;
            }
        }

        error = available == first.Length ? WireError.MalformedVarint : WireError.None;
        return false;
    }
}
