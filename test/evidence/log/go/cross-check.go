// Reads and writes notes and tiles with Go's own packages, to compare them with keysweep's. It takes
// one question as JSON on stdin and prints the answer as JSON. Debian's golang-golang-x-mod-dev has
// the packages, under GOPATH.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	// What is asked: verify, sign, generate or prove.
	Ask string

	// verify: a note and a verifier key. sign: a text and a signing key. generate: a name.
	Note, Text, Key, Name string

	// prove: a folder of tiles, the root they should have, and proofs to check.
	Folder      string
	Size        int64
	Root        tlog.Hash
	Inclusion   []inclusion
	Consistency []consistency
}

type inclusion struct {
	Index int64
	Path  tlog.RecordProof
}

type consistency struct {
	Size int64
	Root tlog.Hash
	Path tlog.TreeProof
}

func main() {
	log.SetFlags(0)
	var asked question
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		log.Fatal(err)
	}
	answer, err := map[string]func(question) (any, error){
		"verify":   verify,
		"sign":     sign,
		"generate": generate,
		"prove":    prove,
	}[asked.Ask](asked)
	if err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		log.Fatal(err)
	}
}

func verify(asked question) (any, error) {
	verifier, err := note.NewVerifier(asked.Key)
	if err != nil {
		return nil, err
	}
	opened, err := note.Open([]byte(asked.Note), note.VerifierList(verifier))
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"text":     opened.Text,
		"verified": len(opened.Sigs),
		"unknown":  len(opened.UnverifiedSigs),
	}, nil
}

func sign(asked question) (any, error) {
	signer, err := note.NewSigner(asked.Key)
	if err != nil {
		return nil, err
	}
	signed, err := note.Sign(&note.Note{Text: asked.Text}, signer)
	return map[string]string{"note": string(signed)}, err
}

func generate(asked question) (any, error) {
	secret, verifier, err := note.GenerateKey(nil, asked.Name)
	return map[string]string{"secret": secret, "verifier": verifier}, err
}

// prove checks the root of the tiles, every entry against its leaf hash, and our proofs, and makes
// the same proofs.
func prove(asked question) (any, error) {
	tree := tlog.Tree{N: asked.Size, Hash: asked.Root}
	reader := tlog.TileHashReader(tree, tileFolder(asked.Folder))
	root, err := tlog.TreeHash(asked.Size, reader)
	if err != nil || root != asked.Root {
		return nil, fmt.Errorf("the root of the tiles is %v (%v)", root, err)
	}
	leaves, err := readLeaves(asked, reader)
	if err != nil {
		return nil, err
	}
	records := []tlog.RecordProof{}
	for _, ours := range asked.Inclusion {
		if err := tlog.CheckRecord(ours.Path, asked.Size, root, ours.Index, leaves[ours.Index]); err != nil {
			return nil, fmt.Errorf("leaf %d: %w", ours.Index, err)
		}
		made, err := tlog.ProveRecord(asked.Size, ours.Index, reader)
		if err != nil {
			return nil, err
		}
		records = append(records, made)
	}
	trees := []tlog.TreeProof{}
	for _, ours := range asked.Consistency {
		if err := tlog.CheckTree(ours.Path, asked.Size, root, ours.Size, ours.Root); err != nil {
			return nil, fmt.Errorf("size %d: %w", ours.Size, err)
		}
		made, err := tlog.ProveTree(asked.Size, ours.Size, reader)
		if err != nil {
			return nil, err
		}
		trees = append(trees, made)
	}
	return map[string]any{"leaves": len(leaves), "inclusion": records, "consistency": trees}, nil
}

// readLeaves gives the hash of each leaf, after it has compared each with the entry of its bundle.
func readLeaves(asked question, reader tlog.HashReader) ([]tlog.Hash, error) {
	indexes := []int64{}
	for index := int64(0); index < asked.Size; index++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, index))
	}
	leaves, err := reader.ReadHashes(indexes)
	if err != nil {
		return nil, err
	}
	var bundle []byte
	for index, leaf := range leaves {
		if index%256 == 0 {
			if len(bundle) != 0 {
				return nil, fmt.Errorf("a bundle before entry %d has too many bytes", index)
			}
			tile := tlog.Tile{H: 8, L: 0, N: int64(index / 256), W: min(256, int(asked.Size)-index)}
			path := strings.Replace(pathOf(tile), "tile/0/", "tile/entries/", 1)
			if bundle, err = os.ReadFile(filepath.Join(asked.Folder, path)); err != nil {
				return nil, err
			}
		}
		length := int(binary.BigEndian.Uint16(bundle))
		if tlog.RecordHash(bundle[2:2+length]) != leaf {
			return nil, fmt.Errorf("entry %d has another hash than its leaf", index)
		}
		bundle = bundle[2+length:]
	}
	return leaves, nil
}

// tileFolder reads tiles as C2SP names them: the height is always 8 and stands in no path.
type tileFolder string

func (folder tileFolder) Height() int { return 8 }

func (folder tileFolder) SaveTiles([]tlog.Tile, [][]byte) {}

func (folder tileFolder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for at, tile := range tiles {
		read, err := os.ReadFile(filepath.Join(string(folder), pathOf(tile)))
		if err != nil {
			return nil, err
		}
		data[at] = read
	}
	return data, nil
}

func pathOf(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
}

func min(one, other int) int {
	if one < other {
		return one
	}
	return other
}
