namespace Libp2p.Multiformats;

public sealed partial class Multiaddr
{
    /// <summary>The address of a protocol without a value, with one component: <c>/p2p-circuit</c>.</summary>
    /// <exception cref="MultiformatException">The protocol needs a value.</exception>
    public static Multiaddr Create(MultiaddrProtocol protocol) => Make([], protocol, []);

    /// <summary>An address of one component, from the text of its value.</summary>
    /// <exception cref="MultiformatException">The value is none of the protocol's.</exception>
    public static Multiaddr Create(MultiaddrProtocol protocol, string value) => Make([], protocol, value);

    /// <summary>An address of one component, from the bytes of its value, without length.</summary>
    /// <exception cref="MultiformatException">The value is none of the protocol's.</exception>
    public static Multiaddr Create(MultiaddrProtocol protocol, ReadOnlySpan<byte> value) => Make([], protocol, value);

    /// <summary>This address followed by another: <c>/ip4/1.2.3.4</c> and <c>/tcp/80</c> make <c>/ip4/1.2.3.4/tcp/80</c>.</summary>
    /// <exception cref="MultiformatException">This one ends in a path, or the result exceeds a limit.</exception>
    public Multiaddr Encapsulate(Multiaddr inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return Join(Span, inner.Span);
    }

    /// <summary>This address with one more component, of a protocol without a value.</summary>
    /// <exception cref="MultiformatException">The protocol needs a value, this address ends in a path, or the result exceeds a limit.</exception>
    public Multiaddr Append(MultiaddrProtocol protocol) => Make(Span, protocol, ReadOnlySpan<byte>.Empty);

    /// <summary>This address with one more component, from the text of its value.</summary>
    /// <exception cref="MultiformatException">The value is none of the protocol's, this address ends in a path, or the result exceeds a limit.</exception>
    public Multiaddr Append(MultiaddrProtocol protocol, string value) => Make(Span, protocol, value);

    /// <summary>This address with one more component, from the bytes of its value, without length.</summary>
    /// <exception cref="MultiformatException">The value is none of the protocol's, this address ends in a path, or the result exceeds a limit.</exception>
    public Multiaddr Append(MultiaddrProtocol protocol, ReadOnlySpan<byte> value) => Make(Span, protocol, value);

    /// <summary>What comes before the last occurrence of <paramref name="inner"/>; this address when it does not occur; null when nothing comes before it.</summary>
    public Multiaddr? Decapsulate(Multiaddr inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        var cut = -1;
        foreach (var component in Components)
        {
            if (Span[component.Start..].StartsWith(inner.Span))
            {
                cut = component.Start;
            }
        }

        return Before(cut);
    }

    /// <summary>What comes before the last component of <paramref name="protocol"/>; this address when there is none; null when nothing comes before it.</summary>
    public Multiaddr? Decapsulate(MultiaddrProtocol protocol)
    {
        var cut = -1;
        foreach (var component in Components)
        {
            if (component.Protocol == protocol)
            {
                cut = component.Start;
            }
        }

        return Before(cut);
    }

    private static Multiaddr Make(ReadOnlySpan<byte> before, MultiaddrProtocol protocol, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var output = new ValueBuffer<byte>(stackalloc byte[128]);
        try
        {
            var error = protocol.HasValue ? MultiaddrValue.Parse(protocol, value, ref output) : value.Length > 0 ? "is a value, and the protocol has none" : null;
            return error is null ? Make(before, protocol, output.Written) : throw new MultiformatException($"multiaddr: /{protocol.Name}: '{Excerpt(value)}' {error}");
        }
        finally
        {
            output.Dispose();
        }
    }

    private static Multiaddr Make(ReadOnlySpan<byte> before, MultiaddrProtocol protocol, ReadOnlySpan<byte> value)
    {
        if (protocol.IsNone)
        {
            throw new ArgumentException("The default value is no protocol.", nameof(protocol));
        }

        var output = new ValueBuffer<byte>(stackalloc byte[256]);
        try
        {
            var error = AppendComponent(protocol, value, ref output);
            return error is null ? Join(before, output.Written) : throw new MultiformatException($"multiaddr: the value of /{protocol.Name} {error}");
        }
        finally
        {
            output.Dispose();
        }
    }

    private static Multiaddr Join(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var bytes = new ValueBuffer<byte>(stackalloc byte[256]);
        try
        {
            bytes.Append(before);
            bytes.Append(after);
            return ValidateComponents(bytes.Written) is { } error ? throw new MultiformatException(error) : new Multiaddr(bytes.Written);
        }
        finally
        {
            bytes.Dispose();
        }
    }

    private Multiaddr? Before(int cut) => cut switch
    {
        < 0 => this,
        0 => null,
        _ => new Multiaddr(Span[..cut]),
    };
}
