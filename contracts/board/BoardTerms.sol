// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Secp256k1} from "../crypto/Secp256k1.sol";
import {Sharing} from "../crypto/Sharing.sol";
import {Transcript} from "../crypto/Transcript.sol";
import {IPollCatalogue} from "../interfaces/IPollCatalogue.sol";
import {ITrusteeBoard} from "../interfaces/ITrusteeBoard.sol";

/**
 * @title What a board can be
 * @notice The catalogue checks a board's terms and attaches them to the board's code. Nothing can
 * change them.
 */
library BoardTerms {
    /// @notice Makes a board of this catalogue that runs the code of `implementation` under these
    /// terms.
    function attach(
        address implementation,
        ITrusteeBoard.Terms calldata terms
    ) internal returns (ITrusteeBoard) {
        bytes memory args = abi.encode(terms, address(this), block.number);
        return ITrusteeBoard(Clones.cloneWithImmutableArgs(implementation, args));
    }

    /// @notice The terms of a board that `attach` made, its catalogue, and the block of its creation.
    function read(
        address board
    ) internal view returns (ITrusteeBoard.Terms memory terms, address catalogue, uint256 bornAt) {
        return abi.decode(Clones.fetchCloneArgs(board), (ITrusteeBoard.Terms, address, uint256));
    }

    /// @notice Reverts unless a board can have these terms now.
    function requirePossible(ITrusteeBoard.Terms calldata terms) internal view {
        Sharing.requireThreshold(terms.threshold, terms.trustees.length);
        require(terms.minVoters >= 2, ITrusteeBoard.InvalidMinVoters(terms.minVoters));
        require(
            block.timestamp < terms.dealBy && terms.dealBy < terms.confirmBy,
            ITrusteeBoard.InvalidDeadlines(block.timestamp, terms.dealBy, terms.confirmBy)
        );
        require(bytes(terms.content).length != 0, IPollCatalogue.EmptyContent());
        for (uint256 i = 0; i < terms.trustees.length; ++i) _requireTrustee(terms.trustees, i);
    }

    /// @dev Reverts unless a trustee has an account and a sealing key that no earlier one has.
    function _requireTrustee(Transcript.Trustee[] calldata trustees, uint256 index) private pure {
        Transcript.Trustee calldata own = trustees[index];
        require(own.account != address(0), ITrusteeBoard.InvalidAccount(own.account));
        Secp256k1.requirePoint(own.sealingKey.x, own.sealingKey.y);
        for (uint256 i = 0; i < index; ++i) {
            require(trustees[i].account != own.account, ITrusteeBoard.InvalidAccount(own.account));
            // keys with the same x are opposite: who knows one secret knows the other
            require(
                trustees[i].sealingKey.x != own.sealingKey.x,
                ITrusteeBoard.DuplicateSealingKey(own.sealingKey.x, own.sealingKey.y)
            );
        }
    }
}
