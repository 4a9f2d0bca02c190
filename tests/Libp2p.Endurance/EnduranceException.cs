namespace Libp2p.Endurance;

/// <summary>Something that must hold does not.</summary>
internal sealed class EnduranceException(string what, Exception? inner = null) : Exception(what, inner);
