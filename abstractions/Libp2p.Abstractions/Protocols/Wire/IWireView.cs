namespace Libp2p.Wire;

/// <summary>A message read in place: fields are spans into its bytes, and nothing is allocated. Implemented by generated code.</summary>
/// <typeparam name="TSelf">The view itself, a <c>ref struct</c>.</typeparam>
public interface IWireView<TSelf>
    where TSelf : struct, IWireView<TSelf>, allows ref struct
{
    /// <summary>Checks a message and everything inside it, and finds its fields.</summary>
    /// <param name="message">Borrowed for the view's life.</param>
    /// <param name="view">Usable only when the result is true.</param>
    /// <param name="error">Why the bytes were refused.</param>
    static abstract bool TryParse(ReadOnlySpan<byte> message, out TSelf view, out WireError error);

    /// <summary>Finds the fields of a message that was checked with the one around it.</summary>
    static abstract TSelf Read(ReadOnlySpan<byte> message);

    /// <summary>Checks a message inside another, one level deeper than <paramref name="outer"/>, which takes over what is wrong.</summary>
    static abstract void Check(scoped ReadOnlySpan<byte> message, ref WireReader outer);
}
