namespace Libp2p.Multiformats;

// Stands in until Multiaddr.cs lands: delete this file then.
/// <summary>A self-describing network address.</summary>
public sealed class Multiaddr;
