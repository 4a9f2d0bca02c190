namespace Libp2p.Node.Commands.Handshake;

/// <summary>A step on the way to a connection.</summary>
/// <param name="Name">What people call it: one of <see cref="Names"/>.</param>
/// <param name="Start">When it began, from the start of the dial.</param>
/// <param name="Took">How long it took; of one that failed, until then.</param>
/// <param name="Error">Why it failed; null: it did not.</param>
internal sealed record HandshakeStep(string Name, TimeSpan Start, TimeSpan Took, string? Error = null)
{
    public TimeSpan End => Start + Took;

    /// <summary>All there are, in order.</summary>
    public static class Names
    {
        /// <summary>The transport connects, names resolved. A transport with security and streams of its own does all of it here.</summary>
        public const string Connect = "connect";

        /// <summary>The private network's protection, where there is one.</summary>
        public const string Protect = "protect";

        /// <summary>Both agree on a security channel.</summary>
        public const string Security = "security";

        /// <summary>The handshake of the security channel.</summary>
        public const string Handshake = "handshake";

        /// <summary>Both agree on a muxer, unless the handshake brought it along, and it starts.</summary>
        public const string Muxer = "muxer";

        /// <summary>The remote says what it is.</summary>
        public const string Identify = "identify";
    }
}
