namespace Libp2p.Multiformats;

/// <summary>One step of a <see cref="Multiaddr"/>: a protocol and its value. A view into the address, which it keeps alive; copying it is cheap.</summary>
public readonly struct MultiaddrComponent : IEquatable<MultiaddrComponent>
{
    private readonly Multiaddr? _address;
    private readonly ushort _start;
    private readonly ushort _valueStart;
    private readonly ushort _end;

    internal MultiaddrComponent(Multiaddr address, MultiaddrProtocol protocol, int start, int valueStart, int end)
    {
        _address = address;
        Protocol = protocol;
        _start = (ushort)start;
        _valueStart = (ushort)valueStart;
        _end = (ushort)end;
    }

    /// <summary>The protocol.</summary>
    public MultiaddrProtocol Protocol { get; }

    /// <summary>The bytes of the value, without length; empty when the protocol has none.</summary>
    public ReadOnlySpan<byte> Value => _address is null ? default : _address.Span[_valueStart.._end];

    /// <inheritdoc cref="Value"/>
    public ReadOnlyMemory<byte> ValueMemory => _address is null ? default : _address.Bytes[_valueStart.._end];

    /// <summary>The component's whole binary form: code, length where there is one, value.</summary>
    public ReadOnlySpan<byte> Span => _address is null ? default : _address.Span[_start.._end];

    /// <summary>The canonical text of the value (<c>127.0.0.1</c>); empty when the protocol has none. Allocates.</summary>
    public string Text
    {
        get
        {
            if (!Protocol.HasValue)
            {
                return "";
            }

            var output = new ValueBuffer<char>(stackalloc char[128]);
            try
            {
                MultiaddrValue.Format(Protocol, Value, ref output);
                return output.Written.ToString();
            }
            finally
            {
                output.Dispose();
            }
        }
    }

    internal int Start => _start;

    internal int End => _end;

    /// <summary>The component in the text form of an address: <c>/ip4/127.0.0.1</c>.</summary>
    public override string ToString()
    {
        if (_address is null)
        {
            return "";
        }

        var output = new ValueBuffer<char>(stackalloc char[128]);
        try
        {
            Format(ref output);
            return output.Written.ToString();
        }
        finally
        {
            output.Dispose();
        }
    }

    /// <summary>Whether protocol and value are the same.</summary>
    public bool Equals(MultiaddrComponent other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MultiaddrComponent other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Whether protocol and value are the same.</summary>
    public static bool operator ==(MultiaddrComponent left, MultiaddrComponent right) => left.Equals(right);

    /// <summary>Whether protocol or value differ.</summary>
    public static bool operator !=(MultiaddrComponent left, MultiaddrComponent right) => !left.Equals(right);

    internal void Format(ref ValueBuffer<char> output)
    {
        output.Append('/');
        output.Append(Protocol.Name);
        if (!Protocol.HasValue)
        {
            return;
        }

        // A path starts with its own slash.
        if (!Protocol.IsPath)
        {
            output.Append('/');
        }

        MultiaddrValue.Format(Protocol, Value, ref output);
    }
}
