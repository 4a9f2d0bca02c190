namespace Libp2p.Multiformats;

/// <summary>
/// Bytes or text that are no valid varint, multibase, multihash, CID or multiaddr. The message says what is wrong and where.
/// The only exception that this library throws for bad input.
/// </summary>
public class MultiformatException : FormatException
{
    /// <summary>Creates the exception.</summary>
    public MultiformatException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with what led to it.</summary>
    public MultiformatException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
