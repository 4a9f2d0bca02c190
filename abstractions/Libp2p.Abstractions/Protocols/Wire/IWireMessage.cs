using System.Diagnostics.CodeAnalysis;

namespace Libp2p.Wire;

/// <summary>A message that owns its fields. Implemented by generated code, from a <c>.proto</c> file or a <see cref="WireMessageAttribute"/>.</summary>
/// <typeparam name="TSelf">The message itself.</typeparam>
public interface IWireMessage<TSelf>
    where TSelf : class, IWireMessage<TSelf>
{
    /// <summary>The message's schema.</summary>
    static abstract WireMessageDescriptor Descriptor { get; }

    /// <summary>Most bytes that <see cref="TryParse"/> looks at.</summary>
    static abstract int MaxSize { get; }

    /// <summary>Decodes a message.</summary>
    /// <exception cref="WireFormatException">The bytes are not such a message, or exceed a declared limit.</exception>
    static abstract TSelf Parse(ReadOnlySpan<byte> message);

    /// <summary>Decodes a message; <paramref name="error"/> says why it could not be.</summary>
    static abstract bool TryParse(ReadOnlySpan<byte> message, [NotNullWhen(true)] out TSelf? value, out WireError error);

    /// <summary>Bytes that <see cref="Write(Span{byte})"/> will write.</summary>
    int GetSize();

    /// <summary>Encodes the message.</summary>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than <see cref="GetSize"/>.</exception>
    int Write(Span<byte> destination);

    /// <summary>Encodes the message behind what was written already.</summary>
    void Write(ref WireWriter writer);

    /// <summary>Decodes fields over those that are set: scalars are replaced, repeated fields grow, submessages merge.</summary>
    void Merge(ref WireReader reader);
}
