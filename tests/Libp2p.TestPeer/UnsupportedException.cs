namespace Libp2p.TestPeer;

/// <summary>An option or action of the contract that this peer does not have yet: told, never answered by a silent default.</summary>
internal sealed class UnsupportedException(string what) : Exception($"unsupported: {what}");
